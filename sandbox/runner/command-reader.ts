import { isAbsolute, relative } from 'node:path'
import type { Job } from './job.ts'
import { parseWorkflowCommand, type WorkflowCommand } from './workflow-command.ts'

const commands = [
  'add-mask',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
] as const
type CommandName = (typeof commands)[number]

// The runner never repeats these: they show by themselves, or hold a secret.
const notEchoed: ReadonlySet<string> = new Set(['add-mask', 'debug', 'error', 'notice', 'stop-commands', 'warning'])
const changelog = 'https://github.blog/changelog'

/** Acts on the output of one step, line by line. Problem matchers are not played: their commands are plain text. */
export class CommandReader {
  /** Whether a command could not be carried out: the step fails then, whatever its exit code. */
  failed = false
  readonly #job: Job
  #resumeToken: string | undefined
  #echo: boolean

  constructor(job: Job) {
    this.#job = job
    this.#echo = job.debug
  }

  read(line: string): void {
    const token = this.#resumeToken
    const command = parseWorkflowCommand(line, name =>
      token === undefined ? isCommand(name) : name === token.toLowerCase(),
    )
    if (command === undefined) this.#job.log.write('text', line)
    else if (token !== undefined) this.#resume(line)
    else this.#carryOut(line, command)
  }

  #resume(line: string): void {
    this.#job.log.write('text', line)
    this.#resumeToken = undefined
  }

  #carryOut(line: string, command: WorkflowCommand): void {
    const silent = notEchoed.has(command.name)
    if (this.#echo && !silent) this.#job.log.write('text', line)
    try {
      this.#dispatch(command.name as CommandName, line, command)
    } catch (error) {
      const shown = silent ? command.name : line
      this.#job.log.annotate('error', `Unable to process command '${shown}' successfully.`)
      this.#job.log.annotate('error', (error as Error).message)
      this.failed = true
    }
  }

  #dispatch(name: CommandName, line: string, { data, properties }: WorkflowCommand): void {
    const { log, outputs, state } = this.#job
    switch (name) {
      case 'error':
      case 'warning':
      case 'notice':
        log.annotate(name, data, this.#relativeToWorkspace(properties))
        break
      case 'debug':
        if (this.#job.debug) log.write('debug', data)
        break
      case 'group':
        log.write('group', data)
        break
      case 'endgroup':
        log.write('end-group', '')
        break
      case 'add-mask':
        this.#mask(data)
        break
      case 'echo':
        this.#setEcho(data)
        break
      case 'stop-commands':
        this.#stop(line, data)
        break
      case 'set-output':
      case 'save-state':
        ;(name === 'set-output' ? outputs : state).set(propertyName(name, properties), data)
        warnOfOldCommand(this.#job, name)
        break
      case 'set-env':
      case 'add-path':
        throw new Error(disabledText(name))
      default:
        name satisfies never
    }
  }

  #mask(secret: string): void {
    if (secret.trim() === '') {
      this.#job.log.annotate('warning', "Can't add secret mask for empty string in ##[add-mask] command.")
      return
    }
    if (this.#echo) this.#job.log.write('text', '::add-mask::***')
    this.#job.masks.add(secret)
  }

  #setEcho(value: string): void {
    const word = value.trim().toLowerCase()
    if (word !== 'on' && word !== 'off') {
      throw new Error(`Invalid echo command value. Possible values can be: 'on', 'off'. Current value is: '${value}'.`)
    }
    this.#echo = word === 'on'
  }

  #stop(line: string, token: string): void {
    if (token === '' || token.toLowerCase() === 'pause-logging' || isCommand(token.toLowerCase())) {
      throw new Error(
        "You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command.",
      )
    }
    this.#job.log.write('text', line)
    this.#resumeToken = token
  }

  #relativeToWorkspace(properties: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const { file } = properties
    if (file === undefined || !isAbsolute(file)) return properties
    const path = relative(this.#job.workspace, file)
    return path.startsWith('..') ? properties : { ...properties, file: path }
  }
}

function isCommand(name: string): name is CommandName {
  return commands.some(known => known === name)
}

function disabledText(command: string): string {
  return (
    `The \`${command}\` command is disabled. Please upgrade to using Environment Files or opt into unsecure command ` +
    'execution by setting the `ACTIONS_ALLOW_UNSECURE_COMMANDS` environment variable to `true`. For more ' +
    `information see: ${changelog}/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/`
  )
}

function propertyName(command: string, properties: Readonly<Record<string, string>>): string {
  if (properties.name === undefined) throw new Error(`Required field 'name' is missing in ##[${command}] command.`)
  return properties.name
}

function warnOfOldCommand(job: Job, command: string): void {
  job.log.annotate(
    'warning',
    `The \`${command}\` command is deprecated and will be disabled soon. Please upgrade to using Environment Files. For ` +
      `more information see: ${changelog}/2022-10-11-github-actions-deprecating-save-state-and-set-output-commands/`,
  )
}
