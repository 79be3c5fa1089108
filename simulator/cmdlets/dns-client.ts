/** Name servers of a card, and asking one. */
import { sleep } from '../clock.js';
import { CmdletError } from '../errors.js';
import { ask, serversOf, type Answer } from '../packets.js';
import { strings } from '../parameters.js';
import { mustBeElevated, type SimulatedCmdlet } from './cmdlet.js';

/** Seconds until -QuickTimeout gives up. */
const quickTimeout = 4;

const setServers: SimulatedCmdlet = (invocation) => {
  const { machine, parameters } = invocation;
  mustBeElevated(invocation);
  const { InterfaceIndex: index, ServerAddresses: servers, ResetServerAddresses: reset } = parameters;
  const card = machine.network.cards.find((one) => one.index === index);
  if (!card)
    throw new CmdletError('cim-not-found-name', {
      class: 'MSFT_DNSClientServerAddress',
      property: 'InterfaceIndex',
      name: String(index),
    });
  if (reset === true) card.dns = null;
  else card.dns = strings(servers);
  return {};
};

const resolve: SimulatedCmdlet = async (invocation) => {
  const { machine, parameters, clock } = invocation;
  const name = String(parameters['Name']);
  const given = strings(parameters['Server']);
  let answer: Answer = { kind: 'no-answer' };
  for (const server of given.length > 0 ? given : serversOf(invocation, machine)) {
    answer = ask(invocation, { machine }, server, name);
    if (answer.kind !== 'no-answer') break;
  }
  if (answer.kind === 'no-answer') {
    await sleep(clock, quickTimeout);
    throw new CmdletError('dns-timeout', { name }, name);
  }
  if (answer.kind === 'no-such-name') throw new CmdletError('dns-no-name', { name }, name);
  return { type: 'DnsRecord_A', rows: [{ Name: name, Type: 'A', TTL: 300, IPAddress: answer.address }] };
};

export const dnsClient: Readonly<Record<string, SimulatedCmdlet>> = {
  'Set-DnsClientServerAddress': setServers,
  'Resolve-DnsName': resolve,
};
