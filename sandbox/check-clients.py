#!/usr/bin/env python3
"""Shows that clients which know nothing of this project work against the sandbox: the AWS CLI and boto3.

    python3 sandbox/check-clients.py

starts a sandbox of its own (`npm run sandbox -- --json`) and ends it. With AWS_ENDPOINT_URL set it starts nothing and
talks to that one; then --cluster, --service and --listener name what to look at (defaults: the sandbox's own names, and the
first listener that forwards to two target groups). The listener's weights are changed and put back.

Exit code 0: everything held, or there is neither an AWS CLI nor a boto3 (it says SKIP). 1: something did not; it says what.
"""

import argparse
import contextlib
import datetime
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

START_SECONDS = 120
ALARM = "check-clients"


def main():
    options = read_arguments()
    has_cli = shutil.which("aws") is not None
    has_boto3 = importlib.util.find_spec("boto3") is not None
    if not has_cli and not has_boto3:
        print("SKIP: neither an AWS CLI nor boto3 is installed")
        return 0
    with world(options) as found:
        clients = [("aws", Cli)] if has_cli else []
        clients += [("boto3", Boto3)] if has_boto3 else []
        for name in {"aws", "boto3"} - {name for name, _ in clients}:
            print(f"SKIP {name}: not installed")
        held = [check(name, make(), found) for name, make in clients]
    return 0 if all(held) else 1


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cluster", default="sandbox")
    parser.add_argument("--service", default="sample", help="without -blue or -green")
    parser.add_argument("--listener", help="ARN of the production listener")
    return parser.parse_args()


@contextlib.contextmanager
def world(options):
    """What to look at, in a sandbox that is there already or for as long as the block lasts."""
    # Nobody's profile, metadata service, pager or proxy may have a say.
    os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull, AWS_EC2_METADATA_DISABLED="true")
    os.environ.update(AWS_PAGER="", NO_PROXY="127.0.0.1,localhost", no_proxy="127.0.0.1,localhost")
    os.environ.pop("AWS_PROFILE", None)
    found = {"cluster": options.cluster, "service": options.service, "listener": options.listener}
    if os.environ.get("AWS_ENDPOINT_URL"):
        for name, value in {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "SANDBOX", "AWS_SECRET_ACCESS_KEY": "sandbox"}.items():
            os.environ.setdefault(name, value)
        yield found
        return
    # A group of its own, so that npm and what it starts end together.
    process = subprocess.Popen(
        ["npm", "run", "sandbox", "--", "--json"],
        cwd=Path(__file__).resolve().parent.parent,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f"the sandbox did not start within {START_SECONDS} s"))
    try:
        signal.alarm(START_SECONDS)
        # npm says first what it runs.
        line = next((line for line in process.stdout if line.startswith("{")), None)
        signal.alarm(0)
        if line is None:
            sys.exit(f"the sandbox did not start: exit code {process.wait()}")
        description = json.loads(line)
        os.environ.update(description["env"], AWS_DEFAULT_REGION=description["env"]["AWS_REGION"])
        inputs = description["inputs"]
        yield {"cluster": inputs["cluster"], "service": inputs["service"], "listener": inputs["listener-arns"].split(",")[0]}
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


class Refused(Exception):
    """An error of AWS, as the client understood it."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Cli:
    """The AWS CLI. Parameters are given as JSON, replies come as JSON with timestamps as text."""

    def call(self, service, operation, /, **parameters):
        command = ["aws", service, operation, "--output", "json", "--cli-input-json", json.dumps(parameters)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode == 0:
            return json.loads(done.stdout or "{}")
        # An error occurred (ServiceNotFoundException) when calling the UpdateService operation: …
        if "An error occurred (" in done.stderr:
            raise Refused(done.stderr.split("An error occurred (", 1)[1].split(")", 1)[0])
        raise AssertionError(f"{' '.join(command)}: {done.stderr.strip()}")

    @staticmethod
    def is_time(value):
        return isinstance(value, (str, float)) and bool(value)


class Boto3:
    def call(self, service, operation, /, **parameters):
        import boto3
        import botocore.exceptions

        client = boto3.client(service)
        try:
            return getattr(client, operation.replace("-", "_"))(**parameters)
        except botocore.exceptions.ClientError as error:
            raise Refused(error.response["Error"]["Code"]) from error

    @staticmethod
    def is_time(value):
        return isinstance(value, datetime.datetime)


def check(name, client, found):
    """Runs every check with one client. Prints one line for each; true when all held."""
    found = dict(found)
    good = True
    for look in (services, tasks, listeners, target_health, weights, alarms, logs, scaling, refusals):
        try:
            print(f"ok   {name:5} {look(client, found)}", flush=True)
        except Exception as error:  # one check that fails in any way must not hide the others
            good = False
            print(f"FAIL {name:5} {look.__name__}: {type(error).__name__}: {error}", flush=True)
    return good


def expect(held, *what):
    if not held:
        raise AssertionError(" ".join(map(str, what)))


def services(client, found):
    names = [f"{found['service']}-{color}" for color in ("blue", "green")]
    reply = client.call("ecs", "describe-services", cluster=found["cluster"], services=[*names, "nobody"], include=["TAGS"])
    expect([one["serviceName"] for one in reply["services"]] == names, reply["services"])
    for one in reply["services"]:
        expect(one["status"] == "ACTIVE" and one["runningCount"] == one["desiredCount"] > 0, one)
        expect(client.is_time(one["createdAt"]), one["createdAt"])
        expect(one["deployments"][0]["rolloutState"] == "COMPLETED", one["deployments"])
    expect([failure["reason"] for failure in reply["failures"]] == ["MISSING"], reply["failures"])
    found["running"] = {one["serviceName"]: one["runningCount"] for one in reply["services"]}
    return f"ecs describe-services: {found['running']}"


def tasks(client, found):
    counts = {}
    for service, running in found["running"].items():
        arns = client.call("ecs", "list-tasks", cluster=found["cluster"], serviceName=service)["taskArns"]
        expect(len(set(arns)) == running, service, arns)
        described = client.call("ecs", "describe-tasks", cluster=found["cluster"], tasks=arns)["tasks"]
        expect(sorted(task["taskArn"] for task in described) == sorted(arns), described)
        expect(all(task["lastStatus"] == "RUNNING" for task in described), described)
        counts[service] = len(arns)
    return f"ecs list-tasks, describe-tasks: {counts}"


def listeners(client, found):
    if found["listener"] is None:
        balancer = client.call("elbv2", "describe-load-balancers")["LoadBalancers"][0]["LoadBalancerArn"]
        reply = client.call("elbv2", "describe-listeners", LoadBalancerArn=balancer)
        found["listener"] = next(one["ListenerArn"] for one in reply["Listeners"] if len(groups_of(one)) == 2)
    (listener,) = client.call("elbv2", "describe-listeners", ListenerArns=[found["listener"]])["Listeners"]
    found["actions"] = listener["DefaultActions"]
    found["groups"] = groups_of(listener)
    # A weight of 0 is a value: it must be there.
    expect(sorted(found["groups"].values())[0] == 0 and len(found["groups"]) == 2, found["groups"])
    return f"elbv2 describe-listeners: port {listener['Port']}, weights {list(found['groups'].values())}"


def groups_of(listener):
    forward = listener["DefaultActions"][-1].get("ForwardConfig", {})
    return {group["TargetGroupArn"]: group["Weight"] for group in forward.get("TargetGroups", [])}


def target_health(client, found):
    states = []
    for group in found["groups"]:
        reply = client.call("elbv2", "describe-target-health", TargetGroupArn=group)
        states += [target["TargetHealth"]["State"] for target in reply["TargetHealthDescriptions"]]
    expect(states and set(states) == {"healthy"}, states)
    return f"elbv2 describe-target-health: {len(states)} healthy"


def weights(client, found):
    listener = found["listener"]
    halves = json.loads(json.dumps(found["actions"]))
    for group in halves[-1]["ForwardConfig"]["TargetGroups"]:
        group["Weight"] = 50
    try:
        reply = client.call("elbv2", "modify-listener", ListenerArn=listener, DefaultActions=halves)
        expect(set(groups_of(reply["Listeners"][0]).values()) == {50}, reply)
        read = client.call("elbv2", "describe-listeners", ListenerArns=[listener])["Listeners"][0]
        expect(read["DefaultActions"] == halves, read)
    finally:
        client.call("elbv2", "modify-listener", ListenerArn=listener, DefaultActions=found["actions"])
    (listener,) = client.call("elbv2", "describe-listeners", ListenerArns=[listener])["Listeners"]
    expect(listener["DefaultActions"] == found["actions"], listener)
    return "elbv2 modify-listener: 50/50 and back"


def alarms(client, found):
    group = next(iter(found["groups"]))
    client.call(
        "cloudwatch",
        "put-metric-alarm",
        AlarmName=ALARM,
        AlarmDescription="<5xx> & more",
        Namespace="AWS/ApplicationELB",
        MetricName="HTTPCode_Target_5XX_Count",
        Dimensions=[{"Name": "TargetGroup", "Value": group.rsplit(":", 1)[1]}],
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0.0,
        ComparisonOperator="GreaterThanThreshold",
        ActionsEnabled=False,
    )
    try:
        reply = client.call("cloudwatch", "describe-alarms", AlarmNames=[ALARM, "nobody"])
        (alarm,) = reply["MetricAlarms"]
        expect((alarm["Threshold"], alarm["ActionsEnabled"]) == (0.0, False), alarm)
        expect(alarm["AlarmDescription"] == "<5xx> & more", alarm)
        expect(client.is_time(alarm["StateUpdatedTimestamp"]), alarm)
    finally:
        client.call("cloudwatch", "delete-alarms", AlarmNames=[ALARM])
    reply = client.call("cloudwatch", "describe-alarms", AlarmNames=[ALARM])
    expect(reply["MetricAlarms"] == [], reply)
    return f"cloudwatch describe-alarms: {alarm['StateValue']}"


def logs(client, found):
    """What the containers of the sample service have printed."""
    group = {"logGroupName": "/ecs/sample"}
    streams = client.call("logs", "describe-log-streams", **group)["logStreams"]
    expect(len(streams) >= 2, streams)
    stream = {"logStreamName": streams[0]["logStreamName"]}
    reply = client.call("logs", "get-log-events", **group, **stream, limit=5)
    expect(any("listens on" in event["message"] for event in reply["events"]), reply)
    return f"logs get-log-events: {len(reply['events'])} lines of {len(streams)} streams"


def scaling(client, found):
    service = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{found['cluster']}/{found['service']}-green",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    suspended = {"DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": False}
    client.call("application-autoscaling", "register-scalable-target", **service, MinCapacity=0, MaxCapacity=9, SuspendedState=suspended)
    try:
        reply = client.call("application-autoscaling", "describe-scalable-targets", ServiceNamespace="ecs", ResourceIds=[service["ResourceId"]])
        (target,) = reply["ScalableTargets"]
        # A minimum of 0 is a value: it must be there.
        expect((target["MinCapacity"], target["MaxCapacity"]) == (0, 9), target)
        expect(target["SuspendedState"] == {**suspended, "ScheduledScalingSuspended": False}, target)
        expect(client.is_time(target["CreationTime"]), target)
    finally:
        client.call("application-autoscaling", "deregister-scalable-target", **service)
    reply = client.call("application-autoscaling", "describe-scalable-targets", ServiceNamespace="ecs")
    expect(reply["ScalableTargets"] == [], reply)
    return "application-autoscaling describe-scalable-targets: 0 to 9"


def refusals(client, found):
    """Each service's own code, as this client reads it from its own protocol."""
    nobody = next(iter(found["groups"])).rsplit("/", 1)[0] + "/0123456789abcdef"
    wrong = [
        ("ServiceNotFoundException", "ecs", "update-service", {"cluster": found["cluster"], "service": "nobody"}),
        ("TargetGroupNotFound", "elbv2", "describe-target-health", {"TargetGroupArn": nobody}),
        ("ResourceNotFoundException", "logs", "get-log-events", {"logGroupName": "nobody", "logStreamName": "-"}),
        (
            "ObjectNotFoundException",
            "application-autoscaling",
            "deregister-scalable-target",
            {"ServiceNamespace": "ecs", "ResourceId": "service/nobody/nobody", "ScalableDimension": "ecs:service:DesiredCount"},
        ),
        ("ResourceNotFound", "cloudwatch", "set-alarm-state", {"AlarmName": "nobody", "StateValue": "OK", "StateReason": "-"}),
    ]
    for code, service, operation, parameters in wrong:
        try:
            client.call(service, operation, **parameters)
        except Refused as refused:
            expect(refused.code == code, service, operation, "answered", refused.code, "instead of", code)
        else:
            raise AssertionError(f"{service} {operation} of nobody succeeded")
    return "errors: " + ", ".join(code for code, *_ in wrong)


if __name__ == "__main__":
    sys.exit(main())
