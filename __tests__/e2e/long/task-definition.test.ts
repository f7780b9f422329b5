import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { lines, openStage, type Stage } from '../stage.ts'

describe('a task definition file through the bundle', () => {
  let stage: Stage
  let workspace: string
  beforeAll(async () => {
    stage = await openStage()
    workspace = mkdtempSync(path.join(tmpdir(), 'ecs-bluegreen-test-'))
  })
  afterAll(async () => {
    await stage.close()
    rmSync(workspace, { recursive: true })
  })

  test('that cannot be read is told with the other inputs, before any call', async () => {
    writeFileSync(path.join(workspace, 'broken.yml'), 'family: app\n  password: hunter2')
    const result = await stage.start({ 'task-definition': 'broken.yml', timeout: '10' }, {}, workspace).result
    expect(result).toMatchObject({ exitCode: 1 })
    expect(result.outputs['failure-reason']).toMatch(/^INVALID_INPUT: 2 inputs/)
    expect(lines(result)).toContain("task-definition: 'broken.yml' is neither JSON nor YAML that can be read at line 1")
    expect(`${lines(result)}${result.summary}`).not.toContain('hunter2')
    expect(stage.sandbox.api.calls.list()).toEqual([])
  })

  test('in YAML is deployed, and asked for again is unchanged', async () => {
    const definition = [
      'family: written',
      'networkMode: awsvpc',
      'requiresCompatibilities: [FARGATE]',
      'cpu: 256 # a number, as everybody writes it',
      'memory: 512',
      'containerDefinitions:',
      '  - name: app',
      '    portMappings: [{ containerPort: 8080 }]',
    ]
    writeFileSync(path.join(workspace, 'task.yml'), definition.join('\n'))
    const inputs = {
      'task-definition': 'task.yml',
      images: 'app=sample-app:0.0.2',
      'environment-variables': 'TOKEN=hunter2',
    }
    const result = await stage.start(inputs, {}, workspace).result
    expect(result).toMatchObject({
      exitCode: 0,
      outputs: { 'deployment-status': 'succeeded', version: '0.0.2', image: 'sample-app:0.0.2' },
    })
    expect(result.outputs['task-definition-arn']).toMatch(/task-definition\/written:1$/)
    // Once: GitHub itself prints the inputs of a step.
    expect(`${lines(result)}${result.summary}`.split('hunter2')).toHaveLength(2)
    const again = await stage.start(inputs, {}, workspace).result
    expect(again.outputs['deployment-status']).toBe('unchanged')
  })
})
