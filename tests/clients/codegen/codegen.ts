import type { CodegenConfig } from '@graphql-codegen/cli'

const config: CodegenConfig = {
  // The file and not a running gateway: introspection does not tell which inputs are one of several.
  schema: '../../../schema/schema.graphql',
  documents: 'src/*.ts',
  importExtension: '.js',
  emitLegacyCommonJSImports: false,
  generates: {
    '__generated__/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: { unmaskFunctionName: 'read' } },
      config: {
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        // A scalar that is not listed here stops the generator.
        strictScalars: true,
        scalars: {
          Date: 'string',
          DateTime: 'string',
          LocalTime: 'string',
          Locale: 'string',
          PolicyNumber: 'string',
          Secret: 'string',
          URL: 'string',
          Yen: 'number',
        },
      },
    },
  },
}

export default config
