/** In the place of a program that needs the outside world, such as `aws`: the rehearsal says what it would have said. */

const [program, ...args] = process.argv.slice(2)
const response = await fetch(`${process.env.REHEARSAL_URL}/program`, {
  method: 'POST',
  body: JSON.stringify({ program, args }),
})
if (!response.ok) throw new Error(await response.text())
const { stdout, stderr, exitCode } = await response.json()
process.stdout.write(stdout)
process.stderr.write(stderr)
process.exitCode = exitCode
