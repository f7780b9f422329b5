import { Marked } from 'marked'

/**
 * The Markdown of the job summary as HTML. It is our own: whatever came from outside is entities in it already, and those are HTML's, too.
 * Pictures for GitHub are left out, because the page has charts.
 */
export function html(markdown: string): string {
  return markdown === '' ? '' : (reader.parse(markdown, { async: false }) as string)
}

const reader = new Marked({
  gfm: true,
  renderer: {
    // Wide tables scroll by themselves, by keys too, and the page does not.
    table(token) {
      const cells = (row: typeof token.header, name: 'th' | 'td') =>
        row
          .map((cell, index) => {
            const inner = this.parser.parseInline(cell.tokens)
            // The first column names its row; an empty corner names nothing.
            if (name === 'th') return inner === '' ? '<td></td>' : `<th scope="col">${inner}</th>`
            const as = isLong(inner) ? ' class="long"' : ''
            return index === 0 && token.header[0]?.text === ''
              ? `<th scope="row"${as}>${inner}</th>`
              : `<td${as}>${inner}</td>`
          })
          .join('')
      const rows = token.rows.map(row => `<tr>${cells(row, 'td')}</tr>`).join('\n')
      const title = token.header.map(cell => cell.text.replace(/<[^>]*>/g, '')).filter(name => name !== '')
      return `<div class="scroll" role="group" tabindex="0" aria-label="Table: ${title.join(', ')}"><table>\n<thead><tr>${cells(token.header, 'th')}</tr></thead>\n<tbody>${rows}</tbody></table></div>\n`
    },
  },
})

/** Times, names and states stay whole, also on a phone; what is longer may be broken within a word. */
function isLong(inner: string): boolean {
  return inner.replace(/<[^>]*>/g, '').replace(/&[^;]*;/g, '&').length > mostWhole
}

const mostWhole = 20
