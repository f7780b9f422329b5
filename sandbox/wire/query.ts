import { type ServiceShape, services } from './catalog.ts'
import { textBody, type WireReply, type WireRequest } from './message.ts'
import { type Addressed, type Protocol, plainBody, type Recognize } from './protocol.ts'
import { readQuery } from './query-input.ts'
import { queryAnswer, queryError } from './xml.ts'

/** awsQuery: a form in, XML out. The version says which service is meant, as all share one endpoint here. */
export const recognizeQuery: Recognize = request => {
  const parameters = parametersOf(request)
  const operation = parameters.get('Action')
  const version = parameters.get('Version')
  const shape = speakers.find(each => each.version === version)
  if (shape === undefined || operation === null) return undefined
  return { shape, operation, protocol } satisfies Addressed
}

const speakers: readonly ServiceShape[] = [services.elbv2, services.cloudwatch]

const protocol: Protocol = {
  read: (operation, request) => readQuery(operation.input, parametersOf(request)),
  answer: (shape, operation, output, requestId) =>
    reply(200, queryAnswer(operation.name, shape.xmlNamespace, operation.output, output, requestId), requestId),
  refuse: (shape, error, requestId) => reply(error.status, queryError(shape.xmlNamespace, error, requestId), requestId),
}

/** The protocol allows the parameters in the body and, for GET, in the path. */
function parametersOf(request: WireRequest): URLSearchParams {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  return new URLSearchParams(isForm ? plainBody(request).toString('utf8') : request.path.replace(/^[^?]*\??/, ''))
}

function reply(status: number, xml: string, requestId: string): WireReply {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body: textBody(xml) }
}
