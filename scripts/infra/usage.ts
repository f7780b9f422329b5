/** What `--help` prints. */

const common = `  --region REGION       default: AWS_REGION, AWS_DEFAULT_REGION, or that of your profile
  --account ID          stop unless the credentials are of this account
  --yes NAME            the name, in place of typing it where it is asked for
  --poll TIME           between two looks at AWS (default 5s)
  --help                this text
`

const codes = `Exit codes: 0 done, or nothing to do; 1 AWS refused or failed; 2 the command line; 3 no credentials; 4 credentials that
AWS does not take, such as expired ones; 5 no Region; 6 the stacks are in another Region; 7 another account; 8 a stack is
in a state that needs a person; 9 not confirmed; 10 a tool is missing.
`

export const usageUp = `Usage: npm run infra:up -- NAME [options]

Makes or updates the stacks of the app NAME, in the order that they need each other: NAME-network, NAME-registry,
NAME-capacity, NAME, NAME-scaling and NAME-github. What is not given stays as it is. Again with nothing to change, it says so.

  --vpc ID              a VPC of yours, in place of NAME-network; needs --subnets
  --subnets IDS         of the load balancer, in two zones at least: subnet-…,subnet-…
  --task-subnets IDS    of the tasks (default: --subnets, and each task gets a public address)
  --image IMAGE         that both colors start on. Default: the newest one in the registry; when there is none, sample-app is
                        built and pushed, which needs docker
  --repository-arn ARN  an ECR repository of yours, in place of NAME-registry
  --ec2                 tasks on EC2 instances that ECS starts and ends (NAME-capacity), in place of Fargate
  --scaling             auto scaling of both colors (NAME-scaling)
  --github OWNER/REPO   roles for the jobs of this repository (NAME-github); OWNER@ID/REPO@ID where GitHub's tokens have numbers,
                        as those of repositories made or renamed since 15 July 2026; afterwards it says how to see that
  --bootstrap           roles of examples/infra.yml, too, which makes and removes all this from then on (NAME-bootstrap); the
                        workflow itself leaves them as they are
  --set PARAMETER=VALUE any parameter of infra/app.yml; of the others with their name, as network.Cidr=10.1.0.0/16 or
                        capacity.InstanceType=c6i.large
  --plan                show what would change, and change nothing
${common}
${codes}`

export const usageDown = `Usage: npm run infra:down -- NAME [options]

Removes the stacks of the app NAME, the last one first, after you have typed its name. It first shows what goes and what is left,
and why.

  --with-images         the ECR repository with all its images, too, which the stack NAME-registry would leave; never one of yours
  --with-bootstrap      the roles of examples/infra.yml, too, which a job would leave because it runs with them
  --plan                show it, and remove nothing
${common}
${codes}`
