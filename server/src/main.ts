import './commands/endOnSignal';
import { runCommandLine } from './commands/commandLine';

void runCommandLine(process.argv);
