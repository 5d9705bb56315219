// A complete OpenID provider that is not ours, for one client. Whoever signs in is who they say they are, and a member
// of the group of that name. The claims stand where the package puts them: in the answer of the userinfo endpoint.
import Provider from 'oidc-provider';

const { PORT, SITE, CLIENT_ID, CLIENT_SECRET } = process.env;
const issuer = `http://127.0.0.1:${PORT}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    redirect_uris: [`${SITE}/desk/callback`],
    post_logout_redirect_uris: [`${SITE}/desk/logged-out`],
  }],
  scopes: ['openid', 'groups'],
  claims: { profile: ['name'], groups: ['groups'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `Pat ${id}`, groups: [id] }),
  }),
});

provider.on('server_error', (_, error) => console.error(error));
provider.listen(Number(PORT), '127.0.0.1', () => console.log(issuer));
