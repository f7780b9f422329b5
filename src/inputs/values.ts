import { durationText } from '../model/duration.ts'
import { parseImage } from '../model/image.ts'
import type { VersionSource } from '../model/probe.ts'

/**
 * From the text of one input to its value, or a sentence that says what is wrong with it. The sentence goes behind the
 * input's name and its text: `timeout: '10' has no unit. …`.
 */
export type Parsed<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'problem'; readonly problem: string }

export type Parser<T> = (text: string) => Parsed<T>

export function value<T>(parsed: T): Parsed<T> {
  return { kind: 'value', value: parsed }
}

export function problem(text: string, sentence: string): Parsed<never> {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text
  return { kind: 'problem', problem: `'${shown.replace(/\s+/g, ' ')}' ${sentence}` }
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

/** `90s`, `10m`, `1h`, in milliseconds. */
export function duration(minMs: number, maxMs: number): Parser<number> {
  return text => {
    const match = /^(\d{1,9}(?:\.\d{1,3})?)(s|m|h)?$/.exec(text)
    if (match?.[1] === undefined) return problem(text, 'is not a duration. Write one such as 90s, 10m or 1h.')
    if (match[2] === undefined) return problem(text, 'has no unit. Write a duration such as 90s, 10m or 1h.')
    const ms = Math.round(Number(match[1]) * (unitsMs[match[2]] as number))
    if (ms < minMs) return problem(text, `is too short. The shortest is ${durationText(minMs)}.`)
    if (ms > maxMs) return problem(text, `is too long. The longest is ${durationText(maxMs)}.`)
    return value(ms)
  }
}

export function wholeNumber(min: number, max: number): Parser<number> {
  return text => {
    if (!/^\d{1,9}$/.test(text)) return problem(text, `is not a whole number. Write one from ${min} to ${max}.`)
    const number = Number(text)
    return number < min || number > max
      ? problem(text, `is out of range. Write one from ${min} to ${max}.`)
      : value(number)
  }
}

/** YAML 1.2's booleans and nothing else: a typo must not silently mean `false`. */
export const boolean: Parser<boolean> = text => {
  if (/^(true|True|TRUE)$/.test(text)) return value(true)
  if (/^(false|False|FALSE)$/.test(text)) return value(false)
  return problem(text, 'is not a boolean. Write true or false.')
}

export function oneOf<const T extends string>(words: readonly T[]): Parser<T> {
  return text => {
    const word = words.find(candidate => candidate === text)
    if (word !== undefined) return value(word)
    return problem(
      text,
      words.length === 1
        ? `is unknown. The only choice is ${words[0]}.`
        : `is unknown. Choose one of ${words.join(', ')}.`,
    )
  }
}

/** ECS allows letters, digits, hyphens and underscores in the names of clusters and services, up to 255 of them. */
export function ecsName(maxLength = 255): Parser<string> {
  return text => {
    if (!/^[A-Za-z0-9_-]+$/.test(text)) return problem(text, 'may only have letters, digits, hyphens and underscores.')
    return text.length > maxLength ? problem(text, `is longer than ${maxLength} characters.`) : value(text)
  }
}

/** A cluster by name or ARN. */
export const cluster: Parser<string> = text => {
  if (!text.startsWith('arn:')) return ecsName()(text)
  if (/^arn:[a-z-]+:ecs:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9_-]{1,255}$/.test(text)) return value(text)
  return problem(text, 'is not the ARN of a cluster. It looks like arn:aws:ecs:REGION:ACCOUNT:cluster/NAME.')
}

/** Container names follow the same rules as those of services. */
export const containerName: Parser<string> = ecsName()

export const image: Parser<string> = text => {
  if (parseImage(text) !== undefined) return value(text)
  if (/^https?:\/\//.test(text)) return problem(text, 'is a URL. Write the image without https://.')
  if (/\s/.test(text)) return problem(text, 'has white space in it. Write one image, such as repository/name:tag.')
  if (/[A-Z]/.test(text.split(/[:@]/)[0] ?? '')) {
    return problem(text, 'is not an image: repository names are lower case.')
  }
  if (/:$/.test(text)) return problem(text, 'ends with a colon: the tag is empty. Is the variable in it set?')
  return problem(text, 'is not an image. Write repository/name:tag or repository/name@sha256:….')
}

/** What people call a version: one line that fits into a tag on AWS. */
export const versionLabel: Parser<string> = text => {
  if (text.length > 128) return problem(text, 'is longer than 128 characters.')
  if (!/^[\p{L}\p{N} _.:/=+\-@]+$/u.test(text)) {
    return problem(text, 'may only have letters, digits, spaces and _ . : / = + - @, because it becomes a tag on AWS.')
  }
  return value(text)
}

/** Commas or new lines between the entries; empty ones are dropped. */
export function listOf(entry: Parser<string>): Parser<readonly string[]> {
  return text => {
    const entries: string[] = []
    for (const part of text.split(/[,\n]/)) {
      const trimmed = part.trim()
      if (trimmed === '') continue
      const parsed = entry(trimmed)
      if (parsed.kind === 'problem') return parsed
      if (entries.includes(parsed.value)) return problem(trimmed, 'is listed twice.')
      entries.push(parsed.value)
    }
    return value(entries)
  }
}

/** The ARN of an Application Load Balancer's listener or rule. */
export const routeArn: Parser<string> = text => {
  const match = /^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:([a-z-]+)\/(.+)$/.exec(text)
  const [, kind, rest = ''] = match ?? []
  if (kind === 'loadbalancer')
    return problem(text, 'is a load balancer. Write the ARN of one of its listeners or rules.')
  if (kind === 'targetgroup') return problem(text, 'is a target group. Write the ARN of a listener or rule.')
  if (kind !== 'listener' && kind !== 'listener-rule') {
    return problem(
      text,
      'is not the ARN of a listener or rule. It looks like arn:aws:elasticloadbalancing:REGION:ACCOUNT:listener/app/NAME/ID/ID.',
    )
  }
  if (!rest.startsWith('app/')) {
    return problem(
      text,
      'belongs to a Network or Gateway Load Balancer, which balances connections, not requests: open ones would stay with the old version. An Application Load Balancer is needed.',
    )
  }
  const parts = kind === 'listener' ? 4 : 5
  return rest.split('/').length === parts
    ? value(text)
    : problem(text, `is cut short or too long for the ARN of a ${kind}.`)
}

export const httpUrl: Parser<string> = text => {
  if (!URL.canParse(text)) return problem(text, 'is not a URL. Write one such as https://www.example.com/version.')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return problem(text, 'must begin with http:// or https://.')
  if (url.username !== '' || url.password !== '') {
    return { kind: 'problem', problem: 'has a user name or password in it, which would show up in logs. Take it out.' }
  }
  return value(url.href)
}

export const versionSource: Parser<VersionSource> = text => {
  if (text === 'text') return value({ kind: 'text' })
  const json = /^json:([A-Za-z0-9_.-]{1,100})$/.exec(text)
  if (json?.[1] !== undefined) return value({ kind: 'json', member: json[1] })
  const header = /^header:([A-Za-z0-9_-]{1,100})$/.exec(text)
  if (header?.[1] !== undefined) return value({ kind: 'header', name: header[1].toLowerCase() })
  return problem(text, 'is unknown. Write json:MEMBER, header:NAME or text.')
}
