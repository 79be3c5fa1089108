/** Get-ItemProperty over the keys of what is installed: the only ones of the registry that there are here. */
import { CmdletError } from '../errors.js';
import { like, strings } from '../parameters.js';
import { serving, type ServedCmdlet, type SimulatedCmdlet } from './cmdlet.js';

const uninstall = /^HKLM:\\SOFTWARE\\(WOW6432Node\\)?Microsoft\\Windows\\CurrentVersion\\Uninstall\\\*$/i;

const getItemProperty: SimulatedCmdlet = ({ machine, parameters }) => {
  const paths = strings(parameters['Path']).map((path) => uninstall.exec(path));
  if (paths.length === 0 || paths.includes(null))
    throw new CmdletError('not-simulated', { cmdlet: 'Get-ItemProperty' });
  const names = strings(parameters['Name']);
  const isWanted = names.length === 0 || names.some((name) => like(name)('DisplayName'));
  // All of them are of 64 bits, and stand under the first.
  const has64 = paths.some((path) => path?.[1] === undefined);
  return { rows: isWanted && has64 ? machine.programs.map((DisplayName) => ({ DisplayName })) : [] };
};

export const registry: Readonly<Record<string, ServedCmdlet>> = {
  'Get-ItemProperty': serving(getItemProperty, 'Path Name'),
};
