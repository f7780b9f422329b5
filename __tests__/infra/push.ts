/**
 * What docker asks of ECR when it pushes an image, beside the log-in: "IAM permissions for pushing an image to an Amazon ECR private
 * repository", of ECR's user guide.
 */
export const pushCalls = [
  ...['BatchCheckLayerAvailability', 'BatchGetImage', 'CompleteLayerUpload', 'InitiateLayerUpload'],
  ...['PutImage', 'UploadLayerPart'],
].map(name => `ecr:${name}`)
