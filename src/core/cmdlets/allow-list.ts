/**
 * What the bridge lets through: cmdlet → parameter → null (any value), the only values it may have, or after which stages the bridge
 * itself gives it (no value of the parameter can be sent). From the catalog alone.
 */
import { cmdlets, words, type After, type CatalogEntry } from './catalog.js';

type Values = readonly (string | boolean | number)[];
export type AllowList = Readonly<Record<string, Readonly<Record<string, Values | After | null>>>>;

const wordsOf = (type: string): Values | null =>
  Object.hasOwn(words, type) ? words[type as keyof typeof words] : null;

type Catalog = Readonly<Record<string, CatalogEntry>>;

export function allowList(catalog: Catalog = cmdlets): AllowList {
  const list: Record<string, Record<string, Values | After | null>> = {};
  for (const [key, entry] of Object.entries(catalog)) {
    const parameters = (list[entry.cmdlet ?? key] ??= {});
    for (const [name, type] of Object.entries(entry.params))
      if (!(name in (entry.fixed ?? {}))) parameters[name] = wordsOf(type);
    if (entry.takes !== undefined) parameters[entry.takes] = entry.after ?? null;
    for (const [name, value] of Object.entries(entry.fixed ?? {})) {
      const known = parameters[name] ?? [];
      if (parameters[name] === null || !isValues(known)) continue;
      parameters[name] = [...new Set([...known, ...(typeof value === 'object' ? value : [value])])];
    }
  }
  return list;
}

const isValues = (rule: Values | After): rule is Values => Array.isArray(rule);

const chosen = (isChosen: (entry: CatalogEntry) => boolean): Catalog =>
  Object.fromEntries(Object.entries<CatalogEntry>(cmdlets).filter(([, entry]) => isChosen(entry)));

/** What may be used on this PC itself. */
export const outside: Catalog = chosen(({ inside }) => !inside);
/** The same for an elevated shell. */
export const outsideElevated: Catalog = chosen(({ inside, elevated }) => !inside || elevated === true);

/** The modules behind what is used outside guests too, by name: those a session loads before its first call. */
export const modulesOf = (catalog: Catalog = outside): readonly string[] => [
  ...new Set(Object.values(catalog).flatMap(({ module, core }) => (core ? [] : [module]))),
];

/** Which module each cmdlet is in, by name: inside guests, and for what is a part of PowerShell, it is loaded at the first use. */
export const homes: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries<CatalogEntry>(cmdlets).map(([key, { cmdlet = key, module }]) => [cmdlet, module]),
);
