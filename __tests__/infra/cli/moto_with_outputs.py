"""moto's server, with what its change sets lack: after one is executed, the stack has its outputs.

    python moto.py PORT
"""

import sys

from moto.cloudformation.models import CloudFormationBackend
from moto.server import main

execute = CloudFormationBackend.execute_change_set


def execute_with_outputs(self, *arguments, **named):
    execute(self, *arguments, **named)
    # moto reads the outputs of the template that the stack had before, which for a new one is none.
    for stack in self.stacks.values():
        stack._parse_template()
        stack.output_map = stack._create_output_map()


CloudFormationBackend.execute_change_set = execute_with_outputs
main(["--host", "127.0.0.1", "--port", sys.argv[1]])
