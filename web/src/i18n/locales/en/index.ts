import adminModels from './adminModels.json';
import audit from './audit.json';
import automation from './automation.json';
import common from './common.json';
import guardrails from './guardrails.json';
import health from './health.json';
import home from './home.json';
import keys from './keys.json';
import login from './login.json';
import models from './models.json';
import notices from './notices.json';
import openshiftAi from './openshiftAi.json';
import overview from './overview.json';
import people from './people.json';
import playground from './playground.json';
import profile from './profile.json';
import requests from './requests.json';
import secrets from './secrets.json';
import settings from './settings.json';
import shell from './shell.json';
import usage from './usage.json';

export default {
  adminModels,
  audit,
  automation,
  common,
  guardrails,
  health,
  home,
  keys,
  login,
  models,
  notices,
  openshiftAi,
  overview,
  people,
  playground,
  profile,
  requests,
  secrets,
  settings,
  shell,
  usage,
};
