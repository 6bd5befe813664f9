"""The actions that the generated workflows use, each by the commit of a release.

Owns      the list; it is short on purpose: everything else is a command of this repository.
Refuses   tags and branches: they move, a commit does not.
Source    each commit stands with its version in several public repositories' workflows (read 2026-11-23); no machine
          that wrote this file reached GitHub itself, so check them with `git ls-remote` when you take them over.
"""

ACTIONS = {
    "checkout": "actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0",
    "upload": "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1",
    "download": "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1",
}
