import { describe, expect, test } from '@jest/globals'
import { withinLimits } from '../../src/report/output-limits.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { readAssets } from '../../src/report/page/assets.ts'
import { pageOf } from '../../src/report/page/page.ts'
import { summaryOf } from '../../src/report/summary.ts'
import { ways } from './golden-runs.ts'
import { hostileReports } from './hostile.ts'

/** Nothing that somebody has put into a name, a tag, a line or an answer does anything, hides anything, or grows beyond what is taken. */

const assets = readAssets()

/** What hides text, or turns it around; of controls, the line feed is all that is used. */
const hidden = /[\p{Bidi_Control}\u200b\u00ad\ufeff\u2028\u2029\u{e0041}\ufffd]|(?!\n)\p{Cc}/u

/** What a browser would read as elements: scripts and styles taken out. */
function markup(page: string): string {
  return page.replace(/<style>.*?<\/style>/gs, '').replace(/(<script[^>]*>).*?(<\/script>)/gs, '$1$2')
}

describe.each(Object.entries(hostileReports))('hostile text in every field of: %s', (_, make) => {
  const report = make()
  const page = pageOf(report, ways, assets)
  const written = summaryOf(report, ways)

  test('is inert in the report: no element, attribute or URL of it', () => {
    const elements = markup(page)
    expect(elements).not.toMatch(/<(img|svg|iframe|object|embed|base|form|link|meta http-equiv="refresh)/i)
    expect(elements).not.toMatch(/<[^>]*\son\w+\s*=/i)
    expect(elements).not.toMatch(/(href|src)\s*=\s*["']?\s*(javascript|data):/i)
    const scripts = page.includes("script-src 'none'") ? 1 : 3
    expect([page.match(/<script/g)?.length, page.match(/<\/script/g)?.length]).toEqual([scripts, scripts])
    expect(page.search(hidden)).toBe(-1)
    for (const tag of ['table', 'details', 'section', 'pre', 'main', 'div', 'code', 'ul', 'p']) {
      expect([tag, elements.match(new RegExp(`<${tag}\\b`, 'g'))?.length]).toEqual([
        tag,
        elements.match(new RegExp(`</${tag}>`, 'g'))?.length,
      ])
    }
  })

  test('is data in the numbers, and comes out as it went in, but for what hides or turns text', () => {
    const [, json = ''] = /<script type="application\/json" id="numbers">(.*?)<\/script>/s.exec(page) ?? []
    expect(json).not.toMatch(/[<>&\u2028\u2029]/)
    expect(JSON.parse(json).service).toContain('</script><script>globalThis.pwned = 1</script>')
  })

  test('is bounded: a report of 4 MB, a summary of less than GitHub’s limit, with its first screen', () => {
    expect(Buffer.byteLength(page)).toBeLessThan(4_000_000)
    expect(Buffer.byteLength(written)).toBeLessThan(1024 * 1024)
    expect(written).toMatch(/^## /)
    expect(written.slice(-18)).toMatch(/ in all\.<\/sub>\n$/)
  })

  test('is inert in the summary: pictures are whole, and nothing is an element or hidden', () => {
    // Markdown means nothing in such a block, which ends at its end tag only (CommonMark 4.6, kind 1).
    const summary = written.replace(/^<pre>\n[^<>]*\n<\/pre>$/gm, '')
    const fences = summary.split('\n').filter(line => line.includes('```'))
    expect(fences).toEqual(fences.map((_, index) => (index % 2 === 0 ? '```mermaid' : '```')))
    for (const [, block = ''] of summary.matchAll(/```mermaid\n([\s\S]*?)\n```/g)) {
      expect(block).not.toMatch(/click|javascript:|<|%%|[^\x20-\x7e\n·…]/)
      // Mermaid's own limit, above which it draws nothing.
      expect(block.length).toBeLessThan(50_000)
    }
    expect(summary.replace(/<\/?(details|summary|code|sub)>/g, '').replace(/ --> /g, '')).not.toMatch(/[<>]/)
    expect(summary.search(hidden)).toBe(-1)
    // Every link is ours: none goes where a hostile text says.
    for (const [, target = ''] of summary.matchAll(/\]\(([^)]*)\)/g)) expect(target).toMatch(/^http[\w:/.?=&#%~-]*$/)
    expect(summary).not.toMatch(/\$\{\{|^\s*::\w|##\[/m)
  })

  test('is bounded in the outputs, which a job may have 1 MB of', () => {
    const { kept, tooLong } = withinLimits(outputsOf(report))
    const bytes = Object.entries(kept).reduce((sum, [name, value]) => sum + 2 * (name.length + value.length), 0)
    expect(bytes).toBeLessThan(1024 * 1024)
    expect(kept).toMatchObject({ 'deployment-status': report.outcome.status, 'duration-seconds': '95' })
    expect(Object.keys(kept).length + tooLong.length).toBe(Object.keys(outputsOf(report)).length)
  })
})
