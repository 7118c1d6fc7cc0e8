/** The published schema, as clients read it: files, and never a running gateway's introspection. */

import { readFileSync } from 'node:fs'
import { buildSchema } from 'graphql'

const published = (file) => readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8')

export const schema = buildSchema(published('schema.graphql'))

/** Which types stand behind each interface and union; caches need it for fragments on them. */
export const { possibleTypes } = JSON.parse(published('possibleTypes.json'))
