import { request } from 'node:http'

/** What the load balancer answers, over a connection of its own. `fetch` would not send another host. */
export function versionAt(url: string, host?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { Connection: 'close', ...(host === undefined ? {} : { Host: host }) }
    const asked = request(url, { headers, agent: false }, answer => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', part => {
        body += part
      })
      answer.on('end', () =>
        resolve(answer.statusCode === 200 ? JSON.parse(body).version : `status ${answer.statusCode}`),
      )
    })
    asked.on('error', reject)
    asked.end()
  })
}
