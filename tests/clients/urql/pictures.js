/** What a screen is given, one picture after another, until nothing more is to come. */
export function pictures(client, query, variables = {}) {
  return new Promise((resolve, reject) => {
    const seen = []
    client.query(query, variables, { requestPolicy: 'network-only' }).subscribe(({ data, error, hasNext }) => {
      if (error) reject(error)
      seen.push(structuredClone(data))
      if (!hasNext) resolve(seen)
    })
  })
}
