/**
 * A plan as a WinGet configuration: a document of DSC v3, as data. A VM is a resource of its own, so that one that is as it
 * shall be already is not shut down. What goes into a guest asks for a password, and nobody is there to be asked: no
 * configuration of that.
 */
import { isOfVm } from './new-vm.js';
import type { Raw, Words } from '../../text/shown.js';
import { quote } from './tokens.js';
import { parsePath, shownAs, type VmProperty } from './paths.js';
import { enteredBy, onlyOn, renderPlan, scriptHead, toScript, type ScriptPart } from './script.js';
import type { Chain, Change, Plan, Value } from './step.js';

interface Resource {
  readonly type: string;
  /** Letters, digits and blanks only. */
  readonly name: string;
  readonly metadata: { readonly description?: Words; readonly winget: { readonly securityContext: 'elevated' } };
  readonly properties: Readonly<Record<string, unknown>>;
}
export interface Configuration {
  readonly $schema: string;
  readonly metadata: { readonly winget: { readonly processor: { readonly identifier: 'dscv3' } } };
  readonly resources: readonly Resource[];
}

const winget = { securityContext: 'elevated' } as const;

/** A feature after the one that it is part of: the resource turns on no other. A server calls them otherwise. */
const features: Resource = {
  type: 'Microsoft.Windows/OptionalFeatureList',
  name: 'Windows features',
  metadata: { winget },
  properties: {
    features: [
      'Microsoft-Hyper-V-All',
      'Microsoft-Hyper-V',
      'Microsoft-Hyper-V-Tools-All',
      'Microsoft-Hyper-V-Management-PowerShell',
    ].map((featureName) => ({ featureName, state: 'Installed' })),
  },
};

type Show = (name: Raw) => Words;

/**
 * undefined: it cannot be said in one, since it goes into a guest or changes what cannot be compared from outside. A name stands in
 * it as eyes may see it: a line end that this writer of YAML doesn't know could make lines of its own for who reads it. `pc`: the name
 * of the only PC that it is for.
 */
export function configurationOf(
  { chains }: Pick<Plan, 'chains'>,
  isServer: boolean,
  show: Show,
  pc?: string,
): Configuration | undefined {
  const resources = chains.map((chain, index) => resourceOf(chain, index, show, pc));
  if (resources.length === 0 || !resources.every((one) => one !== undefined)) return undefined;
  return {
    $schema: 'https://raw.githubusercontent.com/PowerShell/DSC/main/schemas/2023/08/config/document.json',
    metadata: { winget: { processor: { identifier: 'dscv3' } } },
    // No feature of another PC is turned on before a VM says that it is the wrong one: where a VM is, Hyper-V is on.
    resources: [...(isServer || pc !== undefined ? [] : [features]), ...resources],
  };
}

/** Whether there is one, without making it. `script`: all that the plan runs. */
export const hasConfiguration = ({ chains }: Pick<Plan, 'chains'>, script: readonly ScriptPart[]): boolean =>
  chains.length > 0 && enteredBy(script).length === 0 && chains.every((chain) => conditionsOf(chain) !== undefined);

function resourceOf(chain: Chain, index: number, show: Show, pc: string | undefined): Resource | undefined {
  const parts = renderPlan({ chains: [chain] });
  const conditions = conditionsOf(chain);
  if (enteredBy(parts).length > 0 || !conditions) return undefined;
  // What is read again at the end is for the eye of somebody at a console.
  const setScript = toScript(
    parts.filter(({ step }) => step !== null),
    pc,
  );
  const testScript = [...scriptHead, ...onlyOn(pc), '$are = @(', ...conditions, ')', '$are -notcontains $false'].join(
    '\n',
  );
  return {
    type: 'Microsoft.DSC.Transitional/WindowsPowerShellScript',
    name: `VM ${String(index + 1)}`,
    metadata: { description: show(chain.name), winget },
    properties: { testScript, setScript: setScript.replaceAll('\r\n', '\n') },
  };
}

/** What must be so when the chain has done its work; undefined: not all of it can be told, or nothing of it. */
function conditionsOf({ steps }: Chain): readonly string[] | undefined {
  // It has no id before it is made.
  if (steps.some(({ makes }) => isOfVm(makes))) return undefined;
  const changes = new Map<string, Change>();
  for (const { path, from, to } of steps.flatMap((step) => step.changes))
    changes.set(path, { path, from: changes.get(path)?.from ?? from, to });
  // What goes down and comes up again is as it was; of a saved state nothing is left to ask for.
  const kept = [...changes.values()].filter(({ path, from, to }) => from !== to && !path.endsWith('/savedState'));
  const conditions = kept.map(conditionOf);
  return conditions.length > 0 && conditions.every((one) => one !== undefined) ? conditions : undefined;
}

const properties: Readonly<Partial<Record<VmProperty, string>>> = shownAs;

/** By the property in which Windows shows it. */
function conditionOf({ path, to }: Change): string | undefined {
  const parsed = parsePath(path);
  const property = parsed && properties[parsed.property];
  if (!parsed || property === undefined || parsed.inside !== undefined) return undefined;
  const { vm, adapter } = parsed;
  const within = parsed.property === 'nesting' ? ' | Get-VMProcessor' : adapterText(adapter);
  return `(Get-VM -Id ${quote(vm)}${within}).${property} -eq ${valueText(to)}`;
}

const adapterText = (adapter: string | undefined): string =>
  adapter === undefined ? '' : ` | Get-VMNetworkAdapter | Where-Object Id -eq ${quote(adapter)}`;
const valueText = (value: Value): string =>
  typeof value === 'boolean' ? `$${String(value)}` : typeof value === 'number' ? String(value) : quote(String(value));
