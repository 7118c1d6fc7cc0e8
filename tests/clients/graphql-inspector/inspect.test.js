import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gqlPluckFromCodeString } from '@graphql-tools/graphql-tag-pluck'
import { CriticalityLevel, diff, validate } from '@graphql-inspector/core'
import { buildSchema, Source } from 'graphql'
import { schema } from '../schema.js'

const root = new URL('../../../', import.meta.url)
const read = (path) => readFileSync(new URL(path, root), 'utf8')
const files = (folder, ending) => readdirSync(new URL(folder, root)).filter((name) => name.endsWith(ending))

// Documents of one row may use each other's fragments.
const DOCUMENTS = {
  'what the explorer offers': graphql('schema/examples/'),
  'what the tests ask': graphql('tests/api/'),
  'what the demonstration asks': graphql('gateway/demo/'),
  'what gql asks': graphql('tests/clients/gql/'),
  'what ariadne-codegen asks': graphql('tests/clients/ariadne-codegen/'),
  'what Apollo Client asks': tagged('tests/clients/apollo/documents.js'),
  'what urql asks': tagged('tests/clients/urql/documents.js'),
}

for (const [name, asked] of Object.entries(DOCUMENTS)) {
  test(`${name} is good, and nothing in it is on its way out`, async () => {
    const sources = await asked
    assert.notEqual(sources.length, 0)

    assert.deepEqual(told(validate(schema, sources, { strictFragments: false })), [])
  })
}

test('nothing breaks a client of the last release that was not allowed with its reason', async () => {
  const releases = files('schema/released/', '.graphql').sort((one, other) => one.localeCompare(other, 'en', { numeric: true }))
  const allowed = [...read('schema/released/allowed.toml').matchAll(/^change = "(.*)"$/gm)].map(([, change]) => change)

  const changes = await diff(buildSchema(read(`schema/released/${releases.at(-1)}`)), schema)

  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
  assert.deepEqual(breaking.map(({ message }) => unquoted(message)).filter((change) => !allowed.includes(change)), [])
})

/** The list has them without quotation marks and with a full stop. */
const unquoted = (message) => `${message.replaceAll("'", '')}.`

function graphql(folder) {
  return files(folder, '.graphql').map((name) => new Source(read(folder + name), name))
}

async function tagged(path) {
  const parts = await gqlPluckFromCodeString(fileURLToPath(new URL(path, root)), read(path))
  return parts.map(({ body }, index) => new Source(body, `${path} ${index}`))
}

const told = (invalid) =>
  invalid.flatMap(({ source, errors, deprecated }) =>
    [...errors, ...deprecated].map(({ message }) => `${source.name}: ${message}`),
  )
