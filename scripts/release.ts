import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { notesOf, tagToMove } from './release-notes.ts'

/** What a tag means for a release, as outputs of a workflow step: `npm run release -- v1.2.3`. Fails when the repository does not say the same. */

const tag = process.argv[2] ?? ''
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string }
if (tag !== `v${version}`) throw new Error(`The tag is ${tag || 'missing'}, but package.json says ${version}.`)
const notes = notesOf(version, readFileSync('CHANGELOG.md', 'utf8'))
const tags = execFileSync('git', ['tag', '--list', 'v*'], { encoding: 'utf8' }).split('\n')
const end = `END-${crypto.randomUUID()}`
process.stdout.write(`notes<<${end}\n${notes}\n${end}\nmoving=${tagToMove(tag, tags) ?? ''}\n`)
