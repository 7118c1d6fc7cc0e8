/** What a component would be handed by Relay's hooks, without React. */

import { randomUUID } from 'node:crypto'
import { commitMutation, createOperationDescriptor, fetchQuery, getRequest, getSelector } from 'relay-runtime'

/** Ask, and answer what the screen reads once everything is there. */
export const ask = (environment, query, variables) => fetchQuery(environment, query, variables).toPromise()

/** Ask, and answer what the screen reads after each part that arrives. */
export async function pictures(environment, query, variables) {
  const operation = createOperationDescriptor(getRequest(query), variables)
  const seen = []
  await new Promise((resolve, reject) => {
    environment.execute({ operation }).subscribe({
      next: () => seen.push(environment.lookup(operation.fragment).data),
      complete: resolve,
      error: reject,
    })
  })
  return seen
}

/** What a fragment reads of its reference: in `data`, as `useFragment` would answer it. */
export const read = (environment, fragment, reference) => environment.lookup(getSelector(fragment, reference))

/** One order under a key of its own; answers its payload, unless that says why it was not done. */
export const order = (environment, mutation, input) =>
  new Promise((resolve, reject) => {
    commitMutation(environment, {
      mutation,
      variables: { input: { ...input, idempotencyKey: randomUUID() } },
      onCompleted(answer) {
        const [payload] = Object.values(answer)
        const [error] = payload.errors
        if (error) reject(new Error(`${error.code}: ${error.message}`))
        else resolve(payload)
      },
      onError: reject,
    })
  })
