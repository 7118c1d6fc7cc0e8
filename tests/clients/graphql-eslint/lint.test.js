import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ESLint } from 'eslint'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const overrideConfigFile = fileURLToPath(new URL('eslint.config.js', import.meta.url))

test('nothing is found in the published schema', async () => {
  const found = await lint('schema/schema.graphql')

  assert.deepEqual(found, [])
})

async function lint(file) {
  process.chdir(root) // The plugin looks for a schema where the program stands.
  const results = await new ESLint({ cwd: root, overrideConfigFile }).lintFiles(file)
  assert.equal(results.length, 1)
  return results.flatMap(({ messages }) => messages.map(({ line, ruleId, message }) => `${line} ${ruleId}: ${message}`))
}
