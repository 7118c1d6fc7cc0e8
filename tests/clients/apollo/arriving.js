import { filter, lastValueFrom, takeWhile, tap } from 'rxjs'

/** What a screen is given, one picture after another, until nothing more is to come. */
export async function pictures(client, query, variables) {
  const seen = []
  const results = client.watchQuery({ query, variables, fetchPolicy: 'network-only' }).pipe(
    tap(({ error }) => { if (error) throw error }),
    takeWhile(({ loading }) => loading, true),
    filter(({ dataState }) => dataState !== 'empty'),
    tap(({ data }) => seen.push(data)),
  )
  await lastValueFrom(results)
  return seen
}
