"""Identity providers: who somebody is, in the words of OpenShift, Google or any OpenID provider."""
