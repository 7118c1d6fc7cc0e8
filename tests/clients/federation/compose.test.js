import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { composeServices } from '@theguild/federation-composition'
import { buildSchema, parse } from 'graphql'
import { agentToken, bearer, url } from '../town.js'

const roadside = readFileSync(new URL('roadside.graphql', import.meta.url), 'utf8')
const published = readFileSync(new URL('../../../schema/schema.subgraph.graphql', import.meta.url), 'utf8')

test('what a router is told is the published subgraph', async () => {
  const { sdl } = (await asked('{ _service { sdl } }'))._service
  assert.ok(sdl.trim() === published.trim(), 'run `tabane schema publish`')
})

test('a policy of ours and what another team knows of it are one type to clients', () => {
  const { errors, supergraphSdl } = composeServices([
    { name: 'tabane', url, typeDefs: parse(published) },
    { name: 'roadside', url: 'http://127.0.0.1/roadside', typeDefs: parse(roadside) },
  ])

  assert.deepEqual(errors?.map(({ message }) => message) ?? [], [])
  const { number, roadsideCalls, roadsideMember } = buildSchema(supergraphSdl).getType('Policy').getFields()
  assert.equal(String(number.type), 'PolicyNumber!')
  assert.equal(String(roadsideCalls.type), 'Int!')
  assert.equal(String(roadsideMember.type), 'Boolean!')
})

test('a router reads by id what the other subgraph refers to', async () => {
  const { book } = await asked('{ book { id } }')

  const { _entities } = await asked(
    'query ($books: [_Any!]!) { _entities(representations: $books) { ... on Book { id summary { total } } } }',
    { books: [{ __typename: 'Book', id: book.id }, { __typename: 'Policy', id: book.id }] },
  )

  const [found, nothing] = _entities
  assert.equal(found.id, book.id)
  assert.ok(found.summary.total > 0)
  assert.equal(nothing, null)
})

async function asked(query, variables) {
  const headers = { 'Content-Type': 'application/json', ...bearer(agentToken) }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
  const { data, errors } = await response.json()
  assert.deepEqual(errors ?? [], [])
  return data
}
