/** What a test of the network says: its sentence, and each hop. */
import type { Hop, HopId, Proof } from '../../src/core/network/proof.js';
import type { Message, Translator, Words } from '../../src/text/index.js';
import type { IconName } from '../ui/icons.js';

export const hopTitle = {
  'own-address': 'network.hopOwnAddress',
  gateway: 'network.hopGateway',
  dns: 'network.hopDns',
  outside: 'network.hopOutside',
} as const satisfies Record<HopId, string>;

export const hopIcon = {
  'own-address': 'nest-inside',
  gateway: 'gate',
  dns: 'search',
  outside: 'globe',
} as const satisfies Record<HopId, IconName>;

const fails = {
  'own-address': { above: 'network.proofFails1', sentence: 'network.proofNoAddress' },
  gateway: { above: 'network.proofFails2', sentence: 'network.proofNoGateway' },
  dns: { above: 'network.proofFails3', sentence: 'network.proofNoDns' },
  outside: { above: 'network.proofFails4', sentence: 'network.proofNoOutside' },
} as const satisfies Record<HopId, unknown>;

export const failedHop = ({ hops }: Proof): Hop | undefined => hops.find(({ state }) => state === 'failed');

export interface ProofSaid {
  readonly verdict: 'ok' | 'blocker' | 'unknown' | 'running';
  readonly above: Words;
  readonly sentence: Words;
}

/** The nested VM that was to be tested and was not: the machine that it is in stood for it. */
export interface Untested {
  readonly name: string;
  /** What keeps it from any network, as is known without entering it. */
  readonly known: Message | undefined;
}

export function proofSaid(t: Translator, proof: Proof, untested?: Untested): ProofSaid {
  const name = proof.from;
  if (untested && proof.state === 'done')
    return {
      verdict: 'unknown',
      above: t('network.proofNotTested', { name: untested.name }),
      sentence: untested.known ? t.message(untested.known) : t('network.proofCantTell', { name: untested.name }),
    };
  const failed = failedHop(proof);
  if (failed) {
    const { above, sentence } = fails[failed.id];
    return { verdict: 'blocker', above: t(above), sentence: t(sentence, { name }) };
  }
  switch (proof.state) {
    case 'running':
      return { verdict: 'running', above: t('network.proofNow'), sentence: t('network.proofRunning', { name }) };
    case 'stopped':
      return { verdict: 'unknown', above: t('network.proofStoppedAbove'), sentence: t('network.proofStopped') };
    case 'done':
      return { verdict: 'ok', above: t('network.proofAll'), sentence: t('network.proofGood', { name }) };
  }
}

/** The whole test as text: what to show to whoever runs the network. */
export function reportOfProof(t: Translator, proof: Proof, untested?: Untested): string {
  const { cause } = failedHop(proof) ?? {};
  return [
    t('network.proofReport', { name: proof.from, at: proof.startedAt }),
    proofSaid(t, proof, untested).sentence,
    ...(untested ? [t('network.proofStandsFor', { name: proof.from, vm: untested.name })] : []),
    '',
    ...proof.hops.map((hop) => `${t(hopTitle[hop.id])}: ${hopNote(t, hop)}`),
    ...(cause ? ['', `${t('network.cause')}: ${t.message(cause)}`] : []),
    '',
  ].join('\n');
}

/** Under the hop: what was asked, and what came of it. */
export function hopNote(t: Translator, { id, state, tried, milliseconds }: Hop): string {
  switch (state) {
    case 'waiting':
      return t('network.hopWaiting');
    case 'trying':
      return tried === undefined ? t('network.hopTrying') : t('network.hopTryingWhat', { tried });
    case 'not-tried':
      return t('network.hopNotTried');
    case 'reached':
      if (tried === undefined) return t('network.hopReached');
      return milliseconds === undefined ? tried : t('network.hopReachedIn', { tried, time: milliseconds });
    case 'failed':
      if (id === 'own-address')
        return tried === undefined ? t('network.hopNoAddress') : t('network.hopNoAddressWhat', { tried });
      if (tried === undefined) return t('network.hopFailed');
      return milliseconds === undefined || milliseconds < 1000
        ? t('network.hopFailedWhat', { tried })
        : t('network.hopFailedIn', { tried, time: milliseconds / 1000 });
  }
}
