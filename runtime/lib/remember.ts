/**
 * The same function, which computes once for each object and keeps the result as long as the object.
 * For functions of objects that are never changed.
 */
export function remember<K extends object, V>(compute: (of: K) => V): (of: K) => V {
  const results = new WeakMap<K, { value: V }>();
  return (of) => {
    const known = results.get(of);
    if (known !== undefined) return known.value;
    const value = compute(of);
    results.set(of, { value });
    return value;
  };
}
