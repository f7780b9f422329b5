import { describe, expect, test } from '@jest/globals'
import type { PreviewNews } from '../../src/model/preview.ts'
import { harmless } from '../../src/report/log.ts'
import { previewReport } from '../../src/report/preview.ts'
import { type CommentFacts, commentBody, marker } from '../../src/report/preview-comment.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { hostile as everything, megabyte } from './hostile.ts'

/** What pull requests are told: words of others stay words. */

const facts = (word: string): CommentFacts => ({
  region: 'eu-central-1',
  cluster: word,
  service: word,
  commit: word,
  runUrl: 'https://github.com/octo-org/octo-repo/actions/runs/1',
})
const news = (word: string): PreviewNews => ({
  id: word,
  pullRequest: 1,
  state: 'failed',
  preview: {
    task: 'preview',
    id: word,
    url: `http://${word}/`,
    place: word,
    image: word,
    version: word,
    expires: word,
  },
  failure: { code: 'AWS_ERROR', headline: word, details: [word] },
})

/** Without what stands where GitHub looks for nothing, and without what nobody sees. */
const outside = (body: string) =>
  body
    .replace(/^<!--.*-->$/m, '')
    .replace(/<code>[^<\n|`]*<\/code>/g, 'CODE')
    .replace(/<pre>\n[^<]*\n<\/pre>/g, 'PRE')

describe('what others have written', () => {
  const hostile = [
    '@octo-org/admins',
    '#1',
    'GH-1 octo-org/octo-repo#1',
    'a'.repeat(40),
    '</code>@octo-org',
    '</pre>\n@octo-org',
    '`` ` @octo-org',
    '--> <img src=x onerror=alert(1)>',
    '<!-- ecs-bluegreen preview eu-central-1/web/shop/pr-2 -->',
    '[click](http://evil.example)',
    '![x](http://evil.example/x.png)',
    'https://evil.example www.evil.example',
    'a | b\n| --- | --- |',
    '\n\n# Heading\n\n- [ ] task',
    '::error::no\n::set-output name=preview-url::http://evil.example',
    '##[error]no',
    '\u202egnp.exe\u2066\u200b',
    ':rocket: *bold* _em_ ~~no~~ $$x$$',
    '&lt;img src=x&gt; &#64;octo-org',
    ']]> %{x} $(id) </script>',
    'a\u0000b\u001b[31mc\u009b1md\u0085e\u2028f\u2029g\ud800h\ufeffi',
    '🦊 مرحبا שלום',
    everything,
  ]

  test.each(hostile)('%j is inert in the comment', word => {
    const body = commentBody(news(word), facts(word))
    expect(outside(body)).toBe(outside(commentBody(news('plain'), facts('plain'))))
    expect(body.split('-->')).toHaveLength(2)
    expect(body).not.toMatch(/[\p{Bidi_Control}\u2028\u2029\ufeff\p{Cs}]|(?!\n)\p{Cc}/u)
  })

  test.each(hostile)('%j is inert in the address of what is ready', word => {
    const body = commentBody({ ...news(word), state: 'ready' }, facts('plain'))
    const [, label = '', target = ''] = /^\*\*\[(.*)\]\((.*)\)\*\*$/m.exec(body) ?? []
    expect(label).not.toMatch(/[<>[\]`|@]/)
    expect(target).toMatch(/^http:\/\/[\w:/.?=&#%~-]*$/)
    expect(outside(body)).not.toContain('evil.example)\n')
  })

  test.each(hostile)('%j is inert in summary and log', word => {
    const { preview, failure } = news(word)
    if (preview === undefined || failure === undefined) throw new Error('no preview')
    const told = {
      mode: 'preview',
      cluster: 'web',
      service: 'shop',
      region: '',
      startedAt: 0,
      endedAt: 0,
      checks: [],
    } as const
    const summary = summaryOf(
      previewReport({ ...told, outcome: { status: 'failed', failure }, preview, warnings: [word] }),
    )
    expect(summary.replace(/<\/?(code|sub|details|summary|pre)>/g, '')).not.toMatch(
      /<|@|\]\((?!https:\/\/)|^\s*::|:\/\/evil/m,
    )
    expect(harmless(word)).not.toMatch(/^[\s\u0085]*::|##\[/m)
  })
})

test('a marker names Region, cluster, service and preview, and nothing else', () => {
  const place = { ...facts(''), cluster: 'web', service: 'shop' }
  expect(marker(place, 'pr-12')).toBe('<!-- ecs-bluegreen preview eu-central-1/web/shop/pr-12 -->')
  expect(marker(place, '--><img>')).toBe('<!-- ecs-bluegreen preview eu-central-1/web/shop/--img -->')
})

test('no account is told, whatever it is part of', () => {
  const account = '123456789012'
  const body = commentBody(
    {
      ...news('plain'),
      preview: { task: 'preview', image: `${account}.dkr.ecr.eu-central-1.amazonaws.com/team/shop:1` },
      failure: { code: 'ACCESS_DENIED', headline: `arn:aws:iam::${account}:role/x may not`, details: [] },
    },
    facts('plain'),
  )
  expect(body).not.toContain(account)
  expect(body).toContain('<code>team/shop:1</code>')
})

test('however much there is to say, GitHub takes it', () => {
  for (const long of ['<😀&'.repeat(20_000), '&'.repeat(1_000_000), megabyte]) {
    for (const state of ['ready', 'failed', 'gone', 'stuck'] as const) {
      const body = commentBody({ ...news(long), state, because: long }, facts(long))
      expect(body.length).toBeLessThan(65_536)
      expect(body.match(/<pre>/g)?.length).toBe(body.match(/<\/pre>/g)?.length)
    }
  }
})
