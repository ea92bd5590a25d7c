/** An argument that can be computed once: addresses depend on few numbers. */
export const remembered = <Key extends readonly unknown[], T>(make: (...key: Key) => T): ((...key: Key) => T) => {
  const known = new Map<string, T>()
  return (...key) => {
    const name = key.join(' ')
    let value = known.get(name)
    if (value === undefined) known.set(name, (value = make(...key)))
    return value
  }
}
