import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import markdownIt from 'markdown-it'
import type { Page } from 'playwright-core'
import type { Scheme } from './browser.ts'

/** A job summary as GitHub shows it: its Markdown (tables, and HTML as it comes), its style, and Mermaid in the reader's theme. */

const require = createRequire(import.meta.url)

/** GitHub does not say which Mermaid it has: the oldest that can be meant, the one after, and the newest. */
export const mermaids = ['mermaid-10', 'mermaid-11', 'mermaid'] as const

export function mermaidBlocks(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```mermaid\n([\s\S]*?)\n```$/gm)].map(([, block = '']) => block)
}

/** An empty page in which summaries are shown one after the other. */
export async function openSummaries(page: Page, mermaid: (typeof mermaids)[number], scheme: Scheme): Promise<void> {
  const style = readFileSync(require.resolve(`github-markdown-css/github-markdown-${scheme}.css`), 'utf8')
  await page.setContent(
    `<!doctype html><html lang="en"><head><title>Summary</title><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<style>${style} body { margin: 0 } main { padding: 16px; min-height: 100vh; box-sizing: border-box; overflow-wrap: anywhere }</style></head>` +
      `<body><main class="markdown-body"></main></body></html>`,
  )
  await page.addScriptTag({ path: require.resolve(`${mermaid}/dist/mermaid.min.js`) })
  await page.evaluate(
    theme => {
      const { mermaid } = globalThis as unknown as Drawn
      mermaid.initialize({ startOnLoad: false, theme, securityLevel: 'strict' })
    },
    scheme === 'dark' ? 'dark' : 'default',
  )
}

/** @returns how many pictures it has. What Mermaid cannot read is thrown. */
export async function showSummary(page: Page, markdown: string): Promise<number> {
  const html = markdownIt({ html: true, linkify: true }).render(markdown)
  return page.evaluate(async body => {
    const { mermaid, document } = globalThis as unknown as Drawn
    for (const main of document.querySelectorAll('main')) main.innerHTML = body
    const blocks = [...document.querySelectorAll('code.language-mermaid')]
    for (const [index, block] of blocks.entries()) {
      await mermaid.parse(block.textContent)
      const { svg } = await mermaid.render(`picture-${index}`, block.textContent)
      block.parentElement.innerHTML = svg
    }
    return blocks.length
  }, html)
}

/** What of a page's own world is used there. */
interface Drawn {
  readonly mermaid: {
    initialize(options: Readonly<Record<string, unknown>>): void
    parse(text: string): Promise<unknown>
    render(id: string, text: string): Promise<{ readonly svg: string }>
  }
  readonly document: { querySelectorAll(selector: string): Iterable<Element> }
}

interface Element {
  readonly textContent: string
  innerHTML: string
  readonly parentElement: { innerHTML: string }
}
