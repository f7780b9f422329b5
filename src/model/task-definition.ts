/** A task definition as ECS describes it; the members that we do not read stay unknown on purpose. */
export interface TaskDefinition {
  readonly taskDefinitionArn?: string | undefined
  readonly status?: string | undefined
  readonly containerDefinitions?: readonly ContainerDefinition[] | undefined
  readonly [member: string]: unknown
}

export interface ContainerDefinition {
  readonly name?: string | undefined
  readonly image?: string | undefined
  readonly [member: string]: unknown
}

export interface Tag {
  readonly key?: string | undefined
  readonly value?: string | undefined
}

export interface Described {
  readonly definition: TaskDefinition
  /** ECS keeps tags beside the definition, and loses them unless they are sent again. */
  readonly tags: readonly Tag[]
}

/** A task definition out of the user's own file. */
export interface DefinitionFile {
  /** As the input says it. */
  readonly path: string
  readonly definition: TaskDefinition
  /** Absent when the file says nothing about tags: then the live revision's stay. */
  readonly tags?: readonly Tag[]
}

/** What the next revision is made from, when it is not the live one. */
export type DefinitionBase =
  | { readonly kind: 'file'; readonly file: DefinitionFile }
  /** A revision that is registered already, used as it is. */
  | { readonly kind: 'revision'; readonly arn: string; readonly described: Described }

/** What one container gets beside its image. Values may be confidential: they are never printed. */
export interface ContainerSettings {
  readonly container: string
  readonly environment: Readonly<Record<string, string>>
  /** ARNs of secrets and parameters, by the name of the variable. */
  readonly secrets: Readonly<Record<string, string>>
}
