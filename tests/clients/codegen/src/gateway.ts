/** A client as small as it can be: it posts a typed document and answers its typed data. */

import type { TypedDocumentString } from '../__generated__/gql/graphql.js'

interface Answer<Data> {
  data?: Data
  errors?: { message: string; extensions?: { code?: string } }[]
}

export class Refused extends Error {
  constructor(readonly errors: NonNullable<Answer<unknown>['errors']>) {
    super(errors.map(({ message }) => message).join(' / '))
  }
}

export class Gateway {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async ask<Data, Variables>(document: TypedDocumentString<Data, Variables>, variables: Variables): Promise<Data> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        Accept: 'application/graphql-response+json, application/json;q=0.9',
        Authorization: `Bearer ${this.token}`,
        'Content-Type': 'application/json',
      },
      body: JSON.stringify({ query: document.toString(), variables }),
    })
    const { data, errors } = (await response.json()) as Answer<Data>
    if (errors || data === undefined) throw new Refused(errors ?? [{ message: `HTTP ${response.status}` }])
    return data
  }
}
