// Where a record of a kind opens.
export function pageOfKind(kind: string, document: string): string {
  switch (kind) {
    case 'dispute':
      return `/disputes/${document}`
    case 'patrol':
      return `/patrol/${document}`
    case 'household':
      return `/people/household/${document}`
    default:
      return `/people/${kind}/${document}`
  }
}
