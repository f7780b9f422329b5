"""moto's server, with what it lacks: after a change set is executed, the stack has its outputs, and AWS::NoValue takes an element out of a list.

    python moto.py PORT
"""

import sys

from moto.cloudformation import parsing
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

clean = parsing.clean_json


def clean_without_nothing(part, resources):
    cleaned = clean(part, resources)
    return [one for one in cleaned if one is not None] if isinstance(cleaned, list) else cleaned


parsing.clean_json = clean_without_nothing
main(["--host", "127.0.0.1", "--port", sys.argv[1]])
