import { readFileSync } from 'node:fs'
import { repositoryPath } from '../../e2e/stage.ts'

export const quickStartFile = 'quick-start.yml'

/** The workflow that the README tells newcomers to copy. */
export function quickStart(): string {
  const blocks = [...readFileSync(repositoryPath('README.md'), 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm)]
  const found = blocks.map(([, text = '']) => text).find(text => text.startsWith('name: deploy\n'))
  if (found === undefined) throw new Error('The README has no workflow that begins with "name: deploy".')
  return found
}
