/**
 * Loaded into a measured server by `--import`: tells its parent, when asked, how many microseconds of processor time it
 * has used. Plain JavaScript, like peak-memory.js.
 */
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send(user + system)
})
// The server ends when it wants to, not when nobody can ask any more.
process.channel.unref()
