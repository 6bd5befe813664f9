"""A second witness for AWS's networks: moto, the emulator, is asked what the sandbox was asked.

Owns      replaying recorded Pulumi requests through boto3 against moto, in this process, and comparing what both said.
Refuses   to be right: where the two differ, `differences.py` says why, and a test fails for any difference that it
          does not name.
"""
