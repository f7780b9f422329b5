/** What a call to AWS is for, so that an error of it can say so. */
export interface Doing {
  /** A verb and its object, such as `describe the services web-blue and web-green`. */
  readonly what: string
  /** IAM action, such as `ecs:DescribeServices`. */
  readonly action: string
  /** ARN or name that the statement needs. */
  readonly resource: string
}
