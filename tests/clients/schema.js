/** The published schema, as clients read it: the SDL and never a running gateway's introspection. */

import { readFileSync } from 'node:fs'
import { buildSchema, isAbstractType } from 'graphql'

export const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'))

/** Which types stand behind each interface and union; caches need it for fragments on them. */
export const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map((possible) => possible.name)]),
)
