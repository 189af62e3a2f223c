// An OpenID Connect issuer for one test: it signs everybody in as the person whose claims are in the file CLAIMS.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import Provider from 'oidc-provider';

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      { client_id: 'turno', token_endpoint_auth_method: 'none', redirect_uris: ['https://turno.example/back'] },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups', 'extension', 'queues'] },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    findAccount: (_, id) => ({
      accountId: id,
      claims: () => ({ sub: id, ...JSON.parse(readFileSync(process.env.CLAIMS, 'utf8')) }),
    }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: async (context) => {
      const grant = new provider.Grant({ clientId: 'turno', accountId: context.oidc.session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  // turno's address is of each test's own.
  provider.Client.prototype.redirectUriAllowed = () => true;
  server.on('request', (request, response) => {
    if (request.url.startsWith('/interaction/')) {
      const { sub } = JSON.parse(readFileSync(process.env.CLAIMS, 'utf8'));
      provider.interactionFinished(request, response, { login: { accountId: sub } });
    } else {
      provider.callback()(request, response);
    }
  });
  console.log(issuer);
});
