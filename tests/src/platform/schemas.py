#!/usr/bin/env python3
"""Writes schemas.json from Meta's OpenAPI file: python3 schemas.py FILE.yaml > schemas.json

What we send, as the file says it, with its references followed. Two things differ:
- `allOf` of a base and a closed object can be met by nothing as it is written, so both become one closed object;
- fields that the platform's pages have and the file of v23.0 lacks are added (ADDED).
"""
import json
import sys

import yaml

TAKEN = ['Message', 'MarkMessageRequestPayload']
KEPT = ['type', 'enum', 'required', 'properties', 'additionalProperties', 'items', 'oneOf', 'minItems', 'maxItems', 'maxLength']
ADDED = {
    'message': {'biz_opaque_callback_data': {'type': 'string', 'maxLength': 512}, 'recipient': {'type': 'string'}},
    'document': {'filename': {'type': 'string'}, 'caption': {'type': 'string', 'maxLength': 1024}},
    'image': {'caption': {'type': 'string', 'maxLength': 1024}},
    'video': {'caption': {'type': 'string', 'maxLength': 1024}},
}


def read(schema, schemas):
    if '$ref' in schema:
        return read(schemas[schema['$ref'].rsplit('/', 1)[1]], schemas)
    if 'allOf' in schema:
        merged = {'type': 'object', 'properties': {}, 'required': []}
        for part in schema['allOf']:
            part = read(part, schemas)
            merged['properties'].update(part.get('properties', {}))
            merged['required'] += part.get('required', [])
            if 'additionalProperties' in part:
                merged['additionalProperties'] = part['additionalProperties']
        return merged
    kept = {key: schema[key] for key in KEPT if key in schema}
    if 'properties' in kept:
        kept['properties'] = {name: read(one, schemas) for name, one in kept['properties'].items()}
    if isinstance(kept.get('items'), dict):
        kept['items'] = read(kept['items'], schemas)
    if 'oneOf' in kept:
        kept['oneOf'] = [read(one, schemas) for one in kept['oneOf']]
    return kept


def add(message):
    properties = message['properties']
    properties.update(ADDED['message'])
    # Since 2026 a person may have no number.
    message['required'] = [name for name in message['required'] if name != 'to']
    for kind, fields in ADDED.items():
        for form in properties.get(kind, {}).get('oneOf', []) if kind != 'message' else []:
            form['properties'].update(fields)


schemas = yaml.safe_load(open(sys.argv[1]))['components']['schemas']
found = {name: read(schemas[name], schemas) for name in TAKEN}
for message in found['Message']['oneOf']:
    add(message)
found['MarkMessageRequestPayload']['properties']['typing_indicator'] = {'type': 'object', 'required': ['type']}
print(json.dumps(found, separators=(',', ':'), sort_keys=True))
