/** Texts by which users mean names. */

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** Whether `text` is in another; a `*` in it stands for anything. */
export const isIn = (text: string): ((of: string) => boolean) => {
  if (!text.includes('*')) return (of) => of.includes(text)
  const pattern = new RegExp(text.split('*').map(escaped).join('.*'), 's')
  return (of) => pattern.test(of)
}
