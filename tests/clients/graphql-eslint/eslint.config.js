/** What graphql-eslint holds our SDL to: both of its sets for schemas, three rules more, and why where we differ. */

import graphql from '@graphql-eslint/eslint-plugin'
import { isObjectType } from 'graphql'
import { schema } from '../schema.js'

const recommended = graphql.configs['flat/schema-recommended'].rules
const relay = graphql.configs['flat/schema-relay'].rules
const [, described] = recommended['@graphql-eslint/require-description']

// What has an identity is a Node and is read by its id; a premium, a payload or an error is a value and has none.
const values = Object.values(schema.getTypeMap())
  .filter((type) => isObjectType(type) && !type.getInterfaces().includes(schema.getType('Node')))
  .map(({ name }) => name)

export default [
  {
    files: ['**/*.graphql'],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: 'schema/schema.graphql', documents: 'schema/examples/*.graphql' } },
    },
    plugins: { '@graphql-eslint': graphql },
    rules: {
      ...recommended,
      ...relay,
      '@graphql-eslint/no-scalar-result-type-on-mutation': 'error',
      '@graphql-eslint/require-nullable-fields-with-oneof': 'error',
      '@graphql-eslint/require-deprecation-date': 'error',
      '@graphql-eslint/strict-id-in-types': ['error', { exceptions: { types: values } }],
      // An edge may lead to a value (of a history, say), and lists of events are no edges.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false, shouldImplementNode: false }],
      // Pages are read forwards; where they can be read the other way, `direction` says so.
      '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
      // GraphQL's own directive, and its own to describe.
      '@graphql-eslint/require-description': [
        'error',
        { ...described, ignoredSelectors: ['DirectiveDefinition[name.value=oneOf]'] },
      ],
    },
  },
]
