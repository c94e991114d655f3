/**
 * `npm run dev` asks a portal of ../portal for the login and the service: `PORT=8080 node node.mjs` there. The short form of
 * a proxy, which is the address alone, would change Host: the page would be another server's, and might change nothing.
 */
const portal = { target: 'http://localhost:8080', changeOrigin: false };

export default { server: { proxy: { '/api/certs': portal, '/login': portal, '/logout': portal } } };
