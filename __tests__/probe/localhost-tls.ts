/*
 * A certificate for localhost that signs itself, with its key: made for these tests, trusted by nobody else. It is
 * valid from 2020 to 2119, so that no test fails by the calendar.
 */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBYjCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABP5TcoG5x4rtCA0+
9sYdTOq2AYQViy6Lzzfd+YZNAS2t9UyxkSyicXHHOih84MpY7e6bYZfNwg31lbX/
nutd0KKjSDBGMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTADAQH/
MB0GA1UdDgQWBBQ7qS2aaIrwS3p5MIsbKZjOJf6oezAKBggqhkjOPQQDAgNJADBG
AiEAlxKFCdKutTpO8GpbXiT5W3saPUsCfX/abybKQVvTtNoCIQDr/M4Y4JznY+R3
qpfAzM1ayW7cZVnGCP/18QfVsFU7HQ==
-----END CERTIFICATE-----
`

export const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUpWhxrs4XBINnRPe
0Rk2cdBJeKRb8KqltTcQCWJk+wihRANCAAT+U3KBuceK7QgNPvbGHUzqtgGEFYsu
i8833fmGTQEtrfVMsZEsonFxxzoofODKWO3um2GXzcIN9ZW1/57rXdCi
-----END PRIVATE KEY-----
`
