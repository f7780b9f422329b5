/** Actions that stand before the forward action of a seeded HTTPS listener or rule, as the API takes them. */

/** @param strangers what becomes of a request without a session */
export function oidcAction(strangers: 'authenticate' | 'allow' | 'deny'): Record<string, unknown> {
  return {
    Type: 'authenticate-oidc',
    Order: 1,
    AuthenticateOidcConfig: {
      Issuer: 'https://id.example.com',
      AuthorizationEndpoint: 'https://id.example.com/authorize',
      TokenEndpoint: 'https://id.example.com/token',
      UserInfoEndpoint: 'https://id.example.com/userinfo',
      ClientId: 'web',
      ClientSecret: 'seed-client-secret',
      SessionCookieName: 'WebSession',
      Scope: 'openid email',
      SessionTimeout: 3_600,
      AuthenticationRequestExtraParams: { display: 'page', prompt: 'login' },
      OnUnauthenticatedRequest: strangers,
    },
  }
}

export function cognitoAction(): Record<string, unknown> {
  return {
    Type: 'authenticate-cognito',
    Order: 1,
    AuthenticateCognitoConfig: {
      UserPoolArn: 'arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_AbCdEfGhI',
      UserPoolClientId: '1example23456789',
      UserPoolDomain: 'web-login',
      AuthenticationRequestExtraParams: { lang: 'de' },
      OnUnauthenticatedRequest: 'deny',
    },
  }
}

export function jwtAction(): Record<string, unknown> {
  return {
    Type: 'jwt-validation',
    Order: 1,
    JwtValidationConfig: {
      JwksEndpoint: 'https://id.example.com/keys',
      Issuer: 'https://id.example.com',
      AdditionalClaims: [{ Format: 'space-separated-values', Name: 'scope', Values: ['read', 'write'] }],
    },
  }
}
