/**
 * The playground: a self-hosted GraphiQL over /graphql. A key and a document enter, the API's answer leaves; on a
 * development server the key is filled in. Nothing is loaded from another host. Called by people who try the API.
 */
import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import { createRoot } from 'react-dom/client';
import { PlaygroundPage } from './PlaygroundPage';

createRoot(document.getElementById('app') as HTMLElement).render(<PlaygroundPage />);
