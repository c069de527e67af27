import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { type ReactNode, useEffect, useMemo } from 'react';
import { createFetcher } from './createFetcher';
import { exampleOperations } from './exampleOperations';
import { OPERATIONS_PLUGIN } from './operationsPlugin';
import { readDevelopmentKey, useApiKey } from './useApiKey';
import { useConsoleTheme } from './useConsoleTheme';

const PLUGINS = [HISTORY_PLUGIN, OPERATIONS_PLUGIN];
const FIRST_TABS = exampleOperations
  .filter(({ name }) => ['sendToUser', 'notification'].includes(name))
  .reverse();

/** The pane of operations covers the editors there: it is opened when it is wanted. */
const isNarrow = matchMedia('(max-width: 700px)').matches;

/** On the first visit GraphiQL shows the query of the first tab, but not its variables; later it shows what it kept. */
function firstVariables(): string | undefined {
  return localStorage.getItem('graphiql:tabState') === null ? FIRST_TABS[0]?.variables : undefined;
}

/** The key field above GraphiQL. The key lives in this tab's sessionStorage and goes out as `Authorization`. */
export function PlaygroundPage(): ReactNode {
  const [key, setKey] = useApiKey();
  const fetcher = useMemo(() => createFetcher(key), [key]);
  const theme = useConsoleTheme();
  const variables = useMemo(firstVariables, []);
  useEffect(() => {
    if (key === '') readDevelopmentKey().then((found) => found && setKey(found));
  }, [key, setKey]);
  return (
    <>
      <form className="key-bar" onSubmit={(event) => event.preventDefault()}>
        <strong>Fanfare</strong>
        <label htmlFor="key">Authorization: Bearer</label>
        <input
          id="key"
          type="password"
          autoComplete="off"
          spellCheck={false}
          placeholder="fs_… or fp_…"
          value={key}
          onChange={(event) => setKey(event.target.value.trim())}
        />
      </form>
      <GraphiQL
        fetcher={fetcher}
        {...(theme && { forcedTheme: theme })}
        defaultTabs={FIRST_TABS}
        initialVariables={variables}
        plugins={PLUGINS}
        {...(!isNarrow && { visiblePlugin: OPERATIONS_PLUGIN })}
        defaultEditorToolsVisibility="variables"
      />
    </>
  );
}
